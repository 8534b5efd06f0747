import { WorkerError } from '../domain/errors';
import type { CommandInput } from './command';

/** The value of `--port`; 0, a free one, when it is not given. Throws ValidationError. */
export const parsePort = ({ options }: CommandInput): number => {
  const { port } = options;
  if (typeof port !== 'string') return 0;
  const number = Number(port);
  if (/^\d{1,5}$/.test(port) && number <= 65_535) return number;
  throw new WorkerError('ValidationError', `"${port}" is not a port.`, 'Give a number from 0 to 65535 after --port.');
};
