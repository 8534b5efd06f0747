import { createHash } from 'node:crypto';
import type { RecordKind } from './records';

const prefixes = {
  Organization: 'O',
  User: 'U',
  Repository: 'R',
  Label: 'LA',
  Issue: 'I',
  PullRequest: 'PR',
  IssueComment: 'IC',
  ProjectV2: 'PVT',
  ProjectV2Field: 'PVTF',
  ProjectV2SingleSelectField: 'PVTSSF',
  ProjectV2Item: 'PVTI',
  DraftIssue: 'DI',
  Ref: 'REF',
  Commit: 'C',
  LinkedBranch: 'LB',
  BranchProtectionRule: 'BPR',
  RepositoryRule: 'RRU',
  ProjectV2ItemFieldValue: 'PVTFV',
} as const satisfies Record<RecordKind, string> & Record<string, string>;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** An id in GitHub's form that depends only on what it names: the same seed gives the same ids on every machine. */
export const nodeId = (kind: keyof typeof prefixes, ...key: readonly (string | number)[]): string =>
  `${prefixes[kind]}_kw${digest(JSON.stringify([kind, ...key]))
    .toString('base64url')
    .replaceAll(/[-_]/g, 'x')
    .slice(0, 16)}`;

/** GitHub's option ids are eight hexadecimal digits. */
export const optionId = (fieldId: string, name: string): string =>
  digest(`${fieldId}/${name}`).toString('hex').slice(0, 8);
