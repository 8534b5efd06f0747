import { resolve } from 'node:path';
import { WorkerError } from '../domain/errors';
import type { Report } from '../local/report/report';
import { writeFileAtomically } from '../local/state-folder';
import type { CliContext, CommandInput } from './command';

/** Writes the report where `--json` says: to standard output, or whole into a file. Throws ValidationError when the file cannot be written. */
export const writeReport = (report: Report, { json }: CommandInput, context: CliContext): void => {
  if (json === undefined) return;
  const text = JSON.stringify(report, null, 2);
  if (json === '-') {
    context.print(text);
    return;
  }
  const path = resolve(context.cwd, json);
  try {
    writeFileAtomically(path, `${text}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    throw new WorkerError(
      'ValidationError',
      `The report cannot be written to ${path}: ${(error as Error).message}`,
      'Name another file after --json.',
      { cause: error },
    );
  }
};
