import { WorkerError } from '../../domain/errors';

export type BoardAddress = { readonly owner: string; readonly number: number };

const FORM = /^github:([A-Za-z0-9](?:[A-Za-z0-9-_]{0,62}))\/([1-9]\d{0,8})$/;

/** `github:OWNER/NUMBER`; null for what is not meant to be one. @throws WorkerError ValidationError */
export const parseBoardAddress = (text: string): BoardAddress | null => {
  if (!text.startsWith('github:')) return null;
  const [, owner, number] = FORM.exec(text) ?? [];
  if (owner !== undefined && number !== undefined) return { owner, number: Number(number) };
  throw new WorkerError(
    'ValidationError',
    `"${text}" names no board on GitHub.`,
    'Write github:OWNER/NUMBER: both are in the address of the board (…/orgs/OWNER/projects/NUMBER).',
  );
};
