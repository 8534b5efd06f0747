import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readStateFile } from '../state-folder';
import { createRecordIndex, isOf, pick } from './record-index';
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
  if (!existsSync(file)) return [];
  return readStateFile(file, (text) => stateSchema.parse(JSON.parse(text)).records);
};

/** A reader sees the old file or the new one, never a half: the new one is complete before it takes the name. */
const writeState = (file: string, records: readonly string[]): void => {
  const temporary = `${file}.new`;
  writeFileSync(temporary, `{"version":1,"records":[\n${records.join(',\n')}\n]}\n`, { mode: 0o600 });
  renameSync(temporary, file);
};

/** Opens the state kept in `stateFolder`, empty if there is none. */
export const openModel = (stateFolder: string): Model => {
  mkdirSync(stateFolder, { recursive: true });
  const file = join(stateFolder, 'github.json');
  const index = createRecordIndex();
  for (const record of readState(file)) index.put(record);
  // A board of 10,000 items is written after each mutation: only the record that changed is turned into JSON again.
  const written = new WeakMap<GitHubRecord, string>();
  let changed = false;

  const toJson = (record: GitHubRecord): string => {
    const json = written.get(record) ?? JSON.stringify(record);
    written.set(record, json);
    return json;
  };
  return {
    get: index.get,
    find: (id, ...kinds) => {
      const record = index.get(id);
      return record && isOf(record, kinds) ? record : undefined;
    },
    all: (...kinds) => pick(index.values(), kinds),
    children: (parentId, ...kinds) => index.children(parentId, kinds),
    put: (record) => {
      index.put(record);
      changed = true;
    },
    save: () => {
      if (!changed) return;
      writeState(file, [...index.values()].map(toJson));
      changed = false;
    },
  };
};
