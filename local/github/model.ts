import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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
const writeState = (file: string, records: readonly string[]): void => {
  const temporary = `${file}.new`;
  writeFileSync(temporary, `{"version":1,"records":[\n${records.join(',\n')}\n]}\n`, { mode: 0o600 });
  renameSync(temporary, file);
};

const isOf = <K extends RecordKind>(record: GitHubRecord, kinds: readonly K[]): record is RecordOf<K> =>
  (kinds as readonly RecordKind[]).includes(record.kind);

const isField = (kind: RecordKind): boolean => kind === 'ProjectV2Field' || kind === 'ProjectV2SingleSelectField';

/** Siblings of one kind; the two kinds of field share one row, because a board's fields have one order. */
const familyOf = (parentId: string, kind: RecordKind): string => `${isField(kind) ? 'field' : kind}/${parentId}`;

/** Opens the state kept in `stateFolder`, empty if there is none. */
export const openModel = (stateFolder: string): Model => {
  mkdirSync(stateFolder, { recursive: true });
  const file = join(stateFolder, 'github.json');
  const records = new Map<string, GitHubRecord>();
  const families = new Map<string, Map<string, GitHubRecord>>();
  // Reading a page must not copy the whole board: the list is made once after a write.
  const lists = new Map<string, readonly GitHubRecord[]>();
  // A board of 10,000 items is written after each mutation: only the record that changed is turned into JSON again.
  const written = new WeakMap<GitHubRecord, string>();
  let changed = false;

  const index = (record: GitHubRecord) => {
    records.set(record.id, record);
    const family = familyOf(record.parentId ?? '', record.kind);
    const siblings = families.get(family) ?? new Map<string, GitHubRecord>();
    siblings.set(record.id, record);
    families.set(family, siblings);
    lists.delete(family);
  };
  for (const record of readState(file)) index(record);

  const toJson = (record: GitHubRecord): string => {
    const json = written.get(record) ?? JSON.stringify(record);
    written.set(record, json);
    return json;
  };

  const listOf = (family: string): readonly GitHubRecord[] => {
    const list = lists.get(family) ?? [...(families.get(family)?.values() ?? [])];
    lists.set(family, list);
    return list;
  };

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
    children: <K extends RecordKind>(parentId: string, ...kinds: readonly K[]) => {
      const [only] = kinds;
      if (only !== undefined && kinds.length === 1 && !isField(only)) {
        return listOf(familyOf(parentId, only)) as readonly RecordOf<K>[]; // a family of one kind
      }
      const names = new Set(kinds.map((kind) => familyOf(parentId, kind)));
      return [...names].flatMap((name) => pick(listOf(name), kinds));
    },
    put: (record) => {
      index(record);
      changed = true;
    },
    save: () => {
      if (!changed) return;
      writeState(file, [...records.values()].map(toJson));
      changed = false;
    },
  };
};
