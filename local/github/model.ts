import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { WorkerError } from '../../domain/errors';
import { type GitHubRecord, type RecordKind, type RecordOf, recordSchema } from './records';

const stateSchema = z.object({ version: z.literal(1), records: z.array(recordSchema) });

/** Everything that the stand-in knows. Reading is by id or by owner; a record is changed by putting its successor. */
export type Model = {
  get(id: string): GitHubRecord | undefined;
  /** The record, if it is of one of these kinds. */
  find<K extends RecordKind>(id: string, ...kinds: readonly K[]): RecordOf<K> | undefined;
  /** In the order in which they were made. */
  all<K extends RecordKind>(...kinds: readonly K[]): readonly RecordOf<K>[];
  children<K extends RecordKind>(parentId: string, ...kinds: readonly K[]): readonly RecordOf<K>[];
  put(record: GitHubRecord): void;
  /** Writes the state to disk if anything was put since; when it returns, a crash of this process loses nothing. */
  save(): void;
};

const readState = (file: string): readonly GitHubRecord[] => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    return stateSchema.parse(JSON.parse(text)).records;
  } catch (error) {
    throw new WorkerError(
      'ValidationError',
      `The state of the local GitHub in ${file} cannot be read.`,
      'Remove the folder (kiro-worker local reset) to begin anew.',
      { cause: error },
    );
  }
};

/** A reader sees the old file or the new one, never a half: the new one is complete before it takes the name. */
const writeState = (file: string, records: readonly GitHubRecord[]): void => {
  const temporary = `${file}.new`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(handle, JSON.stringify({ version: 1, records }));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
};

const isOf = <K extends RecordKind>(record: GitHubRecord, kinds: readonly K[]): record is RecordOf<K> =>
  (kinds as readonly RecordKind[]).includes(record.kind);

/** Opens the state kept in `stateFolder`, empty if there is none. */
export const openModel = (stateFolder: string): Model => {
  mkdirSync(stateFolder, { recursive: true });
  const file = join(stateFolder, 'github.json');
  const records = new Map<string, GitHubRecord>();
  const byParent = new Map<string, Map<string, GitHubRecord>>();
  let changed = false;

  const index = (record: GitHubRecord) => {
    records.set(record.id, record);
    const parent = record.parentId ?? '';
    const siblings = byParent.get(parent) ?? new Map<string, GitHubRecord>();
    siblings.set(record.id, record);
    byParent.set(parent, siblings);
  };
  for (const record of readState(file)) index(record);

  const pick = <K extends RecordKind>(from: Iterable<GitHubRecord>, kinds: readonly K[]): RecordOf<K>[] => {
    const picked: RecordOf<K>[] = [];
    for (const record of from) if (isOf(record, kinds)) picked.push(record);
    return picked;
  };

  return {
    get: (id) => records.get(id),
    find: (id, ...kinds) => {
      const record = records.get(id);
      return record && isOf(record, kinds) ? record : undefined;
    },
    all: (...kinds) => pick(records.values(), kinds),
    children: (parentId, ...kinds) => pick(byParent.get(parentId)?.values() ?? [], kinds),
    put: (record) => {
      index(record);
      changed = true;
    },
    save: () => {
      if (!changed) return;
      writeState(file, [...records.values()]);
      changed = false;
    },
  };
};
