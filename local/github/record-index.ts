import type { GitHubRecord, RecordKind, RecordOf } from './records';

/** Records in memory, by id and by owner, in the order in which they were made. */
export type RecordIndex = {
  get(id: string): GitHubRecord | undefined;
  values(): Iterable<GitHubRecord>;
  children<K extends RecordKind>(parentId: string, kinds: readonly K[]): readonly RecordOf<K>[];
  put(record: GitHubRecord): void;
};

export const isOf = <K extends RecordKind>(record: GitHubRecord, kinds: readonly K[]): record is RecordOf<K> =>
  (kinds as readonly RecordKind[]).includes(record.kind);

export const pick = <K extends RecordKind>(from: Iterable<GitHubRecord>, kinds: readonly K[]): RecordOf<K>[] => {
  const picked: RecordOf<K>[] = [];
  for (const record of from) if (isOf(record, kinds)) picked.push(record);
  return picked;
};

const isField = (kind: RecordKind): boolean => kind === 'ProjectV2Field' || kind === 'ProjectV2SingleSelectField';

/** Siblings of one kind; the two kinds of field share one row, because a board's fields have one order. */
const familyOf = (parentId: string, kind: RecordKind): string => `${isField(kind) ? 'field' : kind}/${parentId}`;

export const createRecordIndex = (): RecordIndex => {
  const records = new Map<string, GitHubRecord>();
  const families = new Map<string, Map<string, GitHubRecord>>();
  // Reading a page must not copy the whole board: the list is made once after a write.
  const lists = new Map<string, readonly GitHubRecord[]>();

  const listOf = (family: string): readonly GitHubRecord[] => {
    const list = lists.get(family) ?? [...(families.get(family)?.values() ?? [])];
    lists.set(family, list);
    return list;
  };
  return {
    get: (id) => records.get(id),
    values: () => records.values(),
    children: <K extends RecordKind>(parentId: string, kinds: readonly K[]) => {
      const [only] = kinds;
      if (only !== undefined && kinds.length === 1 && !isField(only)) {
        return listOf(familyOf(parentId, only)) as readonly RecordOf<K>[]; // a family of one kind
      }
      const names = new Set(kinds.map((kind) => familyOf(parentId, kind)));
      return [...names].flatMap((name) => pick(listOf(name), kinds));
    },
    put: (record) => {
      const family = familyOf(record.parentId ?? '', record.kind);
      const siblings = families.get(family) ?? new Map<string, GitHubRecord>();
      siblings.set(record.id, record);
      families.set(family, siblings);
      lists.delete(family);
      records.set(record.id, record);
    },
  };
};
