import { exitCodes, WorkerError } from '../../domain/errors';
import { moveBoardItem, readBoardItems, readBoardStatuses } from '../../local/board/read-board';
import type { Command } from '../command';
import { onlyLocalState } from '../only-local-state';
import { openLocal } from '../open-local';
import { standInModel } from '../stand-in-model';

export const boardMove: Command = {
  name: 'board move',
  summary: 'Moves an item of a local board to another status, as a person would',
  usage: 'board move NUMBER STATUS [--state FOLDER] [--json]',
  options: { state: 'FOLDER of the local state, or of one run in it; default .kiro-worker' },
  positionals: ['NUMBER', 'STATUS'],
  jsonTakesFile: false,
  run: async (input, context) => {
    const [number = '', status = ''] = input.positionals;
    const stateFolder = onlyLocalState(input, context);
    const session = await openLocal({ stateFolder }, context);
    try {
      const model = standInModel(session.worker);
      const items = readBoardItems(model);
      if (!moveBoardItem(model, Number(number), status))
        throw new WorkerError(
          'ValidationError',
          items.some((item) => item.number === Number(number))
            ? `The board has no status "${status}".`
            : `The board has no item ${number}.`,
          `Statuses: ${readBoardStatuses(model).join(', ')}. Items: ${items
            .map((item) => `${item.number} (${item.status})`)
            .slice(0, 20)
            .join(', ')}.`,
        );
      if (input.json) context.print(JSON.stringify({ number: Number(number), status }));
      else context.print(`#${number} is in "${status}".`);
      return exitCodes.success;
    } finally {
      await session.close();
    }
  },
};
