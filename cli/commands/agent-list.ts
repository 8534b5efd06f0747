import type { AgentArchive } from '../../domain/agent-archive';
import { exitCodes } from '../../domain/errors';
import { cutText } from '../../domain/markdown';
import type { Command } from '../command';
import { type AgentPlace, composeAgents } from '../compose-agents';
import { showMegabytes } from '../render/megabytes';
import { renderTable } from '../render/table';

export const agentList: Command = {
  name: 'agent list',
  summary: 'Shows the Kiro CLIs that can be pinned, and which one is',
  usage: 'agent list [--env ENVIRONMENT | --state FOLDER] [--json]',
  options: {
    env: 'ENVIRONMENT in AWS; without it the local state is meant',
    state: 'FOLDER of the local state; default .kiro-worker',
  },
  positionals: [],
  jsonTakesFile: false,
  run: async (input, context) => {
    const { places, close } = await composeAgents(input, context);
    try {
      const found: (AgentArchive &
        Pick<AgentPlace, 'bucket' | 'environment' | 'stateFolder'> & { readonly pinned: boolean })[] = [];
      for (const { archives, bucket, environment, stateFolder, pinned } of places)
        for (const archive of await archives.list())
          found.push({ ...archive, pinned: archive.sha256 === pinned, bucket, environment, stateFolder });
      if (input.json) context.print(JSON.stringify({ agents: found }, null, 2));
      else if (found.length === 0) context.print('There is none. kiro-worker agent add FILE adds one.');
      else {
        const rows = found.map(({ sha256, file, processor, bytes, addedAt, pinned, environment, stateFolder }) => [
          sha256,
          cutText(file, 40),
          processor ?? '–',
          showMegabytes(bytes),
          addedAt,
          pinned ? 'yes' : '',
          environment ?? stateFolder ?? '',
        ]);
        const headings = ['sha-256', 'file', 'processor', 'size', 'added at', 'pinned', 'in'];
        for (const line of renderTable(headings, rows)) context.print(line);
      }
      const missing = places.filter(
        ({ pinned, bucket }) => pinned !== null && !found.some((each) => each.pinned && each.bucket === bucket),
      );
      for (const { pinned, environment } of missing)
        context.printError(
          `The pinned agent ${pinned} of ${environment ?? 'this machine'} is not there: kiro-worker agent add FILE.`,
        );
      return missing.length > 0 ? exitCodes.groundMissing : exitCodes.success;
    } finally {
      await close();
    }
  },
};
