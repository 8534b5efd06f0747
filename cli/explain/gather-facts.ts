import type { ItemExecution } from '../../adapters/aws/item-executions';
import type { Receipt } from '../../domain/receipt';
import type { EnvironmentAccess } from '../environment-access';
import type { Decided, Facts } from './facts';
import { findItem } from './find-item';

/** Receipts that are read: 200 ticks every five minutes are more than 16 hours. */
const MOST_RECEIPTS = 200;
const DAYS = 30;
const MOST_EXECUTIONS = 10;

type Read = { readonly receipts: readonly Receipt[]; readonly unreadable: readonly string[] };

const readReceipts = async ({ receipts: shelf }: EnvironmentAccess): Promise<Read> => {
  const receipts: Receipt[] = [];
  const unreadable: string[] = [];
  for await (const one of shelf.newestFirst(DAYS)) {
    if (one.kind === 'receipt') receipts.push(one.receipt);
    else unreadable.push(one.problem);
    if (receipts.length + unreadable.length >= MOST_RECEIPTS) break;
  }
  return { receipts, unreadable };
};

/** One decision per tick: a dead execution that is given back and taken again has two entries, and the later one counts. */
const decisionsIn = (receipts: readonly Receipt[], itemId: string): readonly Decided[] =>
  receipts.flatMap(({ entries, startedAt, executionArn }) => {
    const own = entries.filter((entry) => entry.itemId === itemId);
    const last = own.find(({ decision }) => decision === 'taken') ?? own.at(-1);
    return last ? [{ ...last, at: startedAt, tickArn: executionArn }] : [];
  });

/** Executions that are known to have been about the item, newest first. */
const readExecutions = async (
  itemId: string,
  decisions: readonly Decided[],
  owner: string | null,
  access: EnvironmentAccess,
): Promise<Facts['executions']> => {
  const { credits, executions, names } = access;
  const settled = await credits.accountsOf(itemId);
  const open = (await credits.openAccounts()).filter(({ item }) => item.itemId === itemId);
  const lastTaken = decisions.find(({ decision }) => decision === 'taken');
  const arns = new Set([
    ...(owner ? [owner] : []),
    ...open.map(({ executionArn }) => executionArn),
    ...(lastTaken ? await executions.startedBy(lastTaken.tickArn) : []),
    ...settled
      .slice(-MOST_EXECUTIONS)
      .map(({ executionName }) => `${names.executionArns}/${names.itemMapLabel}:${executionName}`),
  ]);
  const described = await Promise.all([...arns].map(executions.describe));
  const own = described.filter((one): one is ItemExecution => one !== null && (one.itemId ?? itemId) === itemId);
  const spentOf = (name: string) => settled.find(({ executionName }) => executionName === name) ?? null;
  return own
    .map((execution) => ({ ...execution, spent: spentOf(execution.name) }))
    .sort((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''))
    .slice(0, MOST_EXECUTIONS);
};

/** Reads all that is known of the item that somebody asks for. @throws ValidationError when nothing is known of it */
export const gatherFacts = async (asked: string, access: EnvironmentAccess): Promise<Facts> => {
  const { locks, credits, deadLetters, evidence, executionLife, environment, option, maxConcurrentItems, now } = access;
  const { receipts, unreadable } = await readReceipts(access);
  const letters = await deadLetters();
  const states = await Promise.all((['held', 'requeued', 'parked'] as const).map(locks.rows));
  const open = await credits.openAccounts();
  const items = [...states.flat().map(({ item }) => item), ...open.map(({ item }) => item)];
  const item = findItem(asked, { receipts, items, deadLetters: letters });
  const { itemId } = item;
  const row = await locks.rowOfItem(itemId);
  const decisions = decisionsIn(receipts, itemId);
  const own = letters.filter((letter) => letter.item.itemId === itemId).reverse();
  const [newest] = own;
  const slots = await locks.slots(maxConcurrentItems);
  return {
    environment,
    now: now(),
    option,
    item,
    ticks: receipts.map(({ entries, ...tick }) => tick),
    unreadable,
    decisions,
    lock: row && { ...row, life: await executionLife(row.owner) },
    slots: await Promise.all(
      slots.map(async (slot) => ({ ...slot, life: slot.owner ? await executionLife(slot.owner) : null })),
    ),
    executions: await readExecutions(itemId, decisions, row?.owner ?? null, access),
    deadLetters: own,
    failure: newest ? await evidence(newest) : null,
    position: await credits.position(),
    spent: await credits.spentOf(itemId),
  };
};
