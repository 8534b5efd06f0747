import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { agentArchiveKey } from '../../domain/agent-archive';
import { type Replay, replayFiles, type Scenarios, zipReplay } from '../../local/sample/replay-agent';
import type { Assignment } from '../../worker/build/agent/agent';
import { type OpenBuild, openBuild } from '../../worker/build/open-build';
import { type BuildGround, prepareBuild, type Scene } from './build-ground';

export const API_KEY = ['ksk', 'replayed', '0123456789'].join('_');

type Choices = Partial<Assignment['choices']> & { readonly timeoutSeconds?: number; readonly stallSeconds?: number };

export type AgentBench = {
  readonly ground: BuildGround;
  readonly build: OpenBuild;
  /** Pauses between tries, in milliseconds. */
  readonly pauses: readonly number[];
  readonly work: (choices?: Choices) => ReturnType<OpenBuild['agent']['work']>;
  /** The code of the error that the work ends with, and its message and remedy; 'done' when it does not. */
  readonly failure: (choices?: Choices) => Promise<{ code: string; message: string; remedy: string }>;
  readonly close: () => Promise<void>;
};

/** Puts the replaying agent's files into a folder; gives the folder of the program. */
export const layReplay = (folder: string, scenarios: Scenarios): string => {
  for (const [name, bytes] of Object.entries(replayFiles(scenarios, null))) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes, { mode: name.includes('/bin/') ? 0o755 : 0o644 });
  }
  for (let at = join(folder, 'kirocli', 'replay'); at !== dirname(folder); at = dirname(at)) chmodSync(at, 0o755);
  return join(folder, 'kirocli', 'bin');
};

/** Pins the zip of a replaying agent for a build that has not begun. */
export const pinReplay = async (ground: BuildGround, scenarios: Scenarios): Promise<void> => {
  const file = join(ground.folder, 'kirocli.zip');
  writeFileSync(file, zipReplay(scenarios, null));
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  await ground.store.upload(agentArchiveKey(sha256), file);
  if (ground.env.agent.kind === 'kiro-cli') Object.assign(ground.env.agent, { pin: { sha256 } });
};

export const kiroScene = (engine: 'v2' | 'v3' = 'v2', scene: Scene = {}): Scene => ({
  ...scene,
  agent: { kind: 'kiro-cli', apiKeySecret: 'kiro-api-key', engine, pin: null },
  secret: API_KEY,
});

/** The Kiro agent with a replaying kiro-cli, in a real sandbox, without the rest of a build. */
export const openAgentBench = async (
  replay: Replay,
  engine: 'v2' | 'v3' = 'v2',
  scene: Scene = {},
): Promise<AgentBench> => {
  const ground = await prepareBuild(kiroScene(engine, scene));
  await pinReplay(ground, { default: replay });
  const pauses: number[] = [];
  const build = await openBuild(ground.env, {
    store: ground.store,
    releases: ground.store,
    readSecret: async () => API_KEY,
    log: (line) => ground.lines.push(line),
    now: () => new Date(),
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
    },
    signal: new AbortController().signal,
    searchPath: ground.env.searchPath,
    workFolder: join(ground.folder, `work-${readdirSync(ground.folder).length}`),
  });
  const work: AgentBench['work'] = ({ timeoutSeconds = 60, stallSeconds = 30, ...choices } = {}) =>
    build.agent.work({
      task: { id: '1', title: 'Do it' },
      prompt: 'Do it.',
      promptFile: '/nowhere',
      specPath: '.kiro/specs/shop',
      timeoutSeconds,
      stallSeconds,
      choices: { requireMcp: false, ...choices },
    });
  return {
    ground,
    build,
    pauses,
    work,
    failure: async (choices) => {
      try {
        await work(choices);
        return { code: 'done', message: '', remedy: '' };
      } catch (error) {
        const { name, message, remedy = '' } = error as Error & { remedy?: string };
        return { code: name, message, remedy };
      }
    },
    close: async () => {
      await build.sandbox.close();
      ground.remove();
    },
  };
};
