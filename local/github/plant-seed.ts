import { WorkerError } from '../../domain/errors';
import type { Model } from './model';
import { nodeId } from './node-id';
import { plantBoard } from './plant-board';
import type { AccountRecord, GitHubRecord } from './records';
import type { ParsedSeed } from './seed';

const seedError = (message: string): WorkerError =>
  new WorkerError('ValidationError', `The seed of the local GitHub is not valid: ${message}`, 'Correct the seed.');

/** Puts what is not there yet; what exists stays as it has become. */
export type Plant = (record: GitHubRecord) => void;

type SeedRepository = ParsedSeed['repositories'][number];

const plantConversations = (repository: SeedRepository, owner: string, time: string, plant: Plant): void => {
  const parentId = nodeId('Repository', repository.nameWithOwner);
  const labelId = (name: string): string => {
    const isKnown = repository.labels.some((label) => label.name === name);
    if (!isKnown) throw seedError(`${repository.nameWithOwner} has no label "${name}".`);
    return nodeId('Label', repository.nameWithOwner, name);
  };
  const times = { createdAt: time, updatedAt: time };
  for (const { name, color } of repository.labels) {
    plant({ kind: 'Label', id: nodeId('Label', repository.nameWithOwner, name), parentId, name, color, ...times });
  }
  for (const { blockedBy, labels, author, createdAt = time, ...issue } of repository.issues) {
    const id = nodeId('Issue', repository.nameWithOwner, issue.number);
    const unknown = blockedBy.find((number) => !repository.issues.some((other) => other.number === number));
    if (unknown !== undefined) throw seedError(`issue ${issue.number} is blocked by ${unknown}, which does not exist.`);
    const blockedByIds = blockedBy.map((number) => nodeId('Issue', repository.nameWithOwner, number));
    const labelIds = labels.map(labelId);
    plant({
      kind: 'Issue',
      id,
      parentId,
      ...issue,
      author: author ?? owner,
      labelIds,
      blockedByIds,
      ...times,
      createdAt,
    });
  }
  for (const { head, base, labels, author, ...pullRequest } of repository.pullRequests) {
    plant({
      kind: 'PullRequest',
      id: nodeId('PullRequest', repository.nameWithOwner, pullRequest.number),
      parentId,
      ...pullRequest,
      author: author ?? owner,
      labelIds: labels.map(labelId),
      headRefName: head,
      baseRefName: base,
      lastHeadOid: '0'.repeat(40),
      maintainerCanModify: true,
      ...times,
    });
  }
};

const checkNumbers = ({ nameWithOwner, issues, pullRequests }: SeedRepository): void => {
  const numbers = [...issues, ...pullRequests].map(({ number }) => number);
  const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
  if (twice !== undefined) throw seedError(`${nameWithOwner} has the number ${twice} twice.`);
};

const plantRepository = (
  repository: SeedRepository,
  owners: ReadonlyMap<string, AccountRecord>,
  time: string,
  plant: Plant,
): void => {
  const { labels: _labels, issues: _issues, pullRequests: _pullRequests, ...settings } = repository;
  const owner = owners.get(repository.nameWithOwner.split('/')[0] ?? '');
  if (!owner) throw seedError(`the owner of ${repository.nameWithOwner} is not among the owners.`);
  const id = nodeId('Repository', repository.nameWithOwner);
  plant({ kind: 'Repository', id, parentId: owner.id, ...settings, createdAt: time, updatedAt: time });
  plantConversations(repository, owner.login, time, plant);
};

/** Makes the model hold at least what the seed says. Nothing is put unless the whole seed is sound. */
export const plantSeed = (seed: ParsedSeed, time: string, { model }: { readonly model: Model }): void => {
  const fresh = new Map<string, GitHubRecord>();
  const plant: Plant = (record) => {
    if (!model.get(record.id)) fresh.set(record.id, record);
  };
  const owners = new Map<string, AccountRecord>();
  for (const { login, kind, name } of seed.owners) {
    const type = kind === 'organization' ? 'Organization' : 'User';
    const times = { createdAt: time, updatedAt: time };
    const owner: AccountRecord = {
      kind: type,
      id: nodeId(type, login.toLowerCase()),
      parentId: null,
      login,
      name,
      ...times,
    };
    owners.set(login, owner);
    plant(owner);
  }
  for (const repository of seed.repositories) {
    checkNumbers(repository);
    plantRepository(repository, owners, time, plant);
  }
  for (const board of seed.boards) {
    const owner = owners.get(board.owner);
    if (!owner) throw seedError(`the owner of board ${board.number}, "${board.owner}", is not among the owners.`);
    const knows = (id: string) => fresh.has(id) || model.get(id) !== undefined;
    plantBoard(board, owner, time, { plant, knows, fail: seedError });
  }
  for (const record of fresh.values()) model.put(record);
  model.save();
};
