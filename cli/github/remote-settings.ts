import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readOwnerKind } from '../../adapters/github/find-owner';
import type { RunDocument } from '../../adapters/github/graphql-client';
import { type BoardSettings, boardSettingsSchema } from '../../domain/board-settings';
import { WorkerError } from '../../domain/errors';
import { repositoryNameSchema } from '../../domain/work-item';
import type { BoardAddress } from './parse-board-address';

/** The file after --settings: what the parameter github-project-config holds, without what the command line says already. */
const fileSchema = boardSettingsSchema
  .partial({ owner: true, ownerKind: true, number: true, repositories: true })
  .strict();

type FileSettings = z.infer<typeof fileSchema>;

/** Without a path: as boards are usually set up. @throws WorkerError ValidationError naming the file and every wrong place */
export const readSettingsFile = (path: string | null): FileSettings => {
  if (path === null) return fileSchema.parse({});
  const refuse = (what: string) =>
    new WorkerError('ValidationError', `The board settings ${path} ${what}`, 'docs/guides/github.md shows the form.');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw refuse(`cannot be read: ${(error as Error).message}.`);
  }
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(`are wrong:\n${z.prettifyError(parsed.error)}`);
};

/** `OWNER/NAME`, several with commas between, or a repository's address. @throws WorkerError ValidationError */
export const parseRepositoryNames = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((given) => {
      const name = given.replace(/^https?:\/\/[^/@]+\//, '').replace(/\.git$|\/$/, '');
      if (repositoryNameSchema.safeParse(name).success) return name;
      throw new WorkerError(
        'ValidationError',
        'What stands after --repo is no repository on GitHub.',
        'With --board github:… write OWNER/NAME, several with commas between.',
      );
    });

/**
 * The settings with which a board on GitHub is watched from here. Only the repositories that somebody has named are worked on: a board shows issues of
 * any. @throws WorkerError ValidationError, NotFound (no such account)
 */
export const remoteSettings = async (
  { owner, number }: BoardAddress,
  repositories: readonly string[],
  file: FileSettings,
  run: RunDocument,
): Promise<BoardSettings> => {
  const named = repositories.length > 0 ? repositories : (file.repositories ?? []);
  if (named.length === 0)
    throw new WorkerError(
      'ValidationError',
      '--repo is missing: a board may show issues of any repository, and only those that you name are worked on.',
      'Add --repo OWNER/NAME.',
    );
  const ownerKind = file.ownerKind ?? (await readOwnerKind(owner, run));
  return { ...file, owner, ownerKind, number, repositories: [...named] };
};
