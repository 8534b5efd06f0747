import { WorkerError } from '../domain/errors';
import type { Model } from '../local/github/model';
import type { LocalWorker } from '../local/run';

/** The board of this machine. @throws WorkerError ValidationError when the worker's board is on GitHub */
export const standInModel = ({ github }: LocalWorker): Model => {
  if (github.standIn) return github.standIn.model;
  throw new WorkerError('ValidationError', 'This board is on GitHub.', `Open it there: ${github.serverUrl}`);
};
