import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { projectRoot } from '../project-root';

/** Which version of kiro-cli is played, and what goes wrong with it (kiro-replay/faults.mjs). */
export type Replay = {
  readonly version: string;
  readonly fault: string;
  /** Files that each run writes, beside those in the work folder. */
  readonly writes?: Readonly<Record<string, string>>;
};

export type Scenarios = {
  readonly default: Replay;
  /** By the name of the spec. */
  readonly specs?: Readonly<Record<string, Partial<Replay>>>;
};

/** It runs on whatever Node the builder has. */
const LAUNCHER = "#!/usr/bin/env node\nimport(require('node:path').join(__dirname, '../replay/kiro-cli.mjs'));\n";

const PROGRAM = 'kirocli/bin/kiro-cli';

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

/** The files of an agent that replays, laid out like those of the vendor's zip. `workFolder` holds SPEC/TASK with what a run is to write. */
export const replayFiles = (scenarios: Scenarios, workFolder: string | null): Readonly<Record<string, Buffer>> => {
  const source = join(projectRoot(), 'local', 'sample', 'kiro-replay');
  const program = filesIn(source).map(
    (path) => [`kirocli/replay/${relative(source, path)}`, readFileSync(path)] as const,
  );
  const work =
    workFolder === null
      ? []
      : filesIn(workFolder).map(
          (path) => [`kirocli/replay/work/${relative(workFolder, path)}`, readFileSync(path)] as const,
        );
  return {
    [PROGRAM]: Buffer.from(LAUNCHER),
    'kirocli/replay/replay.json': Buffer.from(JSON.stringify(scenarios, null, 2)),
    ...Object.fromEntries([...program, ...work]),
  };
};

const UNIX = 3;
/** The earliest date that a zip can hold: the same files give the same bytes, and the same digest. */
const DATE = new Date(1980, 0, 1);

/** The same as a zip, ready to be pinned. */
export const zipReplay = (scenarios: Scenarios, workFolder: string | null): Uint8Array => {
  const entries = Object.entries(replayFiles(scenarios, workFolder)).sort(([a], [b]) => a.localeCompare(b));
  const zippable: Zippable = Object.fromEntries(
    entries.map(([name, bytes]) => [
      name,
      [bytes, { os: UNIX, mtime: DATE, attrs: (name === PROGRAM ? 0o100755 : 0o100644) << 16 }],
    ]),
  );
  return zipSync(zippable);
};
