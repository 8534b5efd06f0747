import { resolve } from 'node:path';
import type { AgentArchive } from '../../domain/agent-archive';
import { exitCodes } from '../../domain/errors';
import type { Command } from '../command';
import { type AgentPlace, composeAgents } from '../compose-agents';
import { inspectAgent } from '../inspect-agent';
import { showMegabytes } from '../render/megabytes';

/** What the builder of every environment is (stacks/constructs/build-project.ts). */
const BUILDER_PROCESSOR = 'aarch64';

/** What is said of the processors of this machine in the words of a program's header. */
const THIS_MACHINE: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

const warningsOf = ({ processor }: AgentArchive, { environment }: AgentPlace): readonly string[] => {
  const here = THIS_MACHINE[process.arch] ?? process.arch;
  const [who, wanted] = environment === null ? ['this machine', here] : ['the builder in AWS', BUILDER_PROCESSOR];
  if (processor === wanted || (processor === null && environment === null)) return [];
  return processor === null
    ? [`Its kiro-cli is no Linux program; ${who} is Linux on ${wanted} and can run a script at most.`]
    : [`Its kiro-cli is for ${processor}; ${who} is ${wanted} and will not be able to run it.`];
};

const howToUse = ({ sha256 }: AgentArchive, { environment, stateFolder }: AgentPlace): readonly string[] =>
  environment !== null
    ? [
        'To have it installed by every build, write into config/environments and deploy:',
        `  agent: { kind: 'kiro-cli', engine: 'v2', sha256: '${sha256}' },`,
      ]
    : [`To use it in ${stateFolder}: kiro-worker run … --agent kiro-cli --agent-sha256 ${sha256}`];

export const agentAdd: Command = {
  name: 'agent add',
  summary: 'Puts the zip of a Kiro CLI into the releases bucket, so that it can be pinned',
  usage: 'agent add FILE [--env ENVIRONMENT | --state FOLDER] [--json]',
  options: {
    env: 'ENVIRONMENT in AWS; without it the local state is meant',
    state: 'FOLDER of the local state; default .kiro-worker',
  },
  positionals: ['FILE'],
  jsonTakesFile: false,
  run: async (input, context) => {
    const path = resolve(context.cwd, input.positionals[0] ?? '');
    const archive = await inspectAgent(path, new Date());
    const { places, close } = await composeAgents(input, context);
    try {
      const results = [];
      for (const place of places) {
        const outcome = await place.archives.add(path, archive);
        const warnings = warningsOf(archive, place);
        results.push({ bucket: place.bucket, stateFolder: place.stateFolder, outcome, warnings });
        if (input.json) continue;
        const what = `${archive.file} (${showMegabytes(archive.bytes)}, ${archive.processor ?? 'no Linux program'})`;
        context.print(`${what} ${outcome === 'added' ? 'is now' : 'was already'} in s3://${place.bucket}.`);
        context.print(`SHA-256 ${archive.sha256}`);
        for (const warning of warnings) context.printError(`Warning: ${warning}`);
        for (const line of howToUse(archive, place)) context.print(line);
      }
      if (input.json) context.print(JSON.stringify({ agent: archive, places: results }, null, 2));
      return exitCodes.success;
    } finally {
      await close();
    }
  },
};
