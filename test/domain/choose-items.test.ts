import { expect } from 'chai';
import fc from 'fast-check';
import type { BoardEntry } from '../../domain/board-entry';
import {
  type BranchKnowledge,
  byUrgency,
  type Candidate,
  completeItem,
  isRefusal,
  parseEntry,
  receiptEntry,
} from '../../domain/choose-items';
import { receiptEntrySchema } from '../../domain/receipt';
import { workItemSchema } from '../../domain/work-item';
import { settingsOf } from '../support/github-bench';

const entry = (change: Partial<BoardEntry> = {}, content: object = {}): BoardEntry =>
  ({
    itemId: 'PVTI_1',
    isArchived: false,
    status: 'Ready',
    priority: null,
    branch: null,
    spec: null,
    content: {
      kind: 'issue',
      issueId: 'I_1',
      number: 1,
      title: 'Add the cart',
      url: 'https://github.com/acme/work/issues/1',
      isOpen: true,
      createdAt: '2026-01-01T00:00:00Z',
      repository: 'acme/work',
      repositoryId: 'R_1',
      blockedBy: [],
      ...content,
    },
    ...change,
  }) as BoardEntry;
const candidate = (change: Partial<BoardEntry> = {}, content: object = {}): Candidate => {
  const parsed = parseEntry(entry(change, content), settingsOf());
  if (isRefusal(parsed)) throw new Error(parsed.message);
  return parsed;
};
const known = { branch: 'feature/cart', defaultBranch: 'main', isProtected: false, isArchived: false };

describe('parseEntry', () => {
  it('refuses an archived item before it looks at anything else', () => {
    expect(parseEntry(entry({ isArchived: true }, { isOpen: false }), settingsOf())).to.include({ reason: 'Archived' });
  });
});

describe('byUrgency', () => {
  const candidates = fc.array(
    fc.record({
      priority: fc.constantFrom('Urgent', 'High', 'Medium', 'Low', 'Someday', null),
      number: fc.nat(50),
      day: fc.integer({ min: 1, max: 5 }),
      id: fc.nat(1_000),
    }),
    { maxLength: 20 },
  );
  const order = byUrgency(['Urgent', 'High', 'Medium', 'Low']);

  it('gives the same order however the board is sorted, and never puts a less urgent item first', () => {
    fc.assert(
      fc.property(candidates, fc.infiniteStream(fc.nat()), (given, chance) => {
        const all = given.map(({ priority, number, day, id }, index) =>
          candidate(
            { priority, itemId: `PVTI_${id}_${index}` },
            { number: number + 1, createdAt: `2026-01-0${day}T00:00:00Z` },
          ),
        );
        const shuffled = all
          .map((one) => ({ one, at: chance.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const ids = (list: readonly Candidate[]) => [...list].sort(order).map(({ entry: { itemId } }) => itemId);
        expect(ids(shuffled)).to.deep.equal(ids(all));
        const ranks = [...all].sort(order).map(({ entry: { priority } }) => {
          const index = ['Urgent', 'High', 'Medium', 'Low'].indexOf(priority ?? '');
          return index < 0 ? 4 : index;
        });
        expect(ranks).to.deep.equal([...ranks].sort((a, b) => a - b));
      }),
    );
  });

  it('compares moments, not their spelling', () => {
    const early = candidate({ itemId: 'b' }, { createdAt: '2026-01-01T23:00:00-05:00', number: 2 });
    const late = candidate({ itemId: 'a' }, { createdAt: '2026-01-02T05:00:00Z', number: 1 });
    expect([late, early].sort(order)).to.deep.equal([early, late]);
  });
});

describe('completeItem', () => {
  it('gives a work item that its own schema accepts', () => {
    const item = completeItem(candidate(), 'PVT_1', known);
    expect(workItemSchema.parse(item)).to.deep.include({
      branch: 'feature/cart',
      baseBranch: 'main',
      specPath: '.kiro/specs/cart',
    });
  });

  it('refuses a spec folder that would follow from a strange branch', () => {
    expect(completeItem(candidate(), 'PVT_1', { ...known, branch: 'feature/.git' })).to.have.property('reason');
    expect(completeItem(candidate(), 'PVT_1', { ...known, branch: 'x/git' })).to.not.have.property('reason');
    expect(completeItem(candidate(), 'PVT_1', { ...known, branch: 'feature/a,b' })).to.include({
      specPath: '.kiro/specs/a,b',
    });
  });

  it('names what is wrong in the order in which a person would mend it', () => {
    const reasonOf = (knowledge: Partial<BranchKnowledge>) => {
      const item = completeItem(candidate(), 'PVT_1', { ...known, ...knowledge });
      return isRefusal(item) ? item.reason : 'none';
    };
    expect([
      reasonOf({ branch: null, isArchived: true }),
      reasonOf({ branch: 'a b', isArchived: true }),
      reasonOf({ isArchived: true, isProtected: true }),
      reasonOf({ defaultBranch: 'feature/cart', isProtected: true }),
      reasonOf({ isProtected: true }),
      reasonOf({}),
    ]).to.deep.equal(['NoBranch', 'BranchInvalid', 'RepositoryArchived', 'BranchForbidden', 'BranchForbidden', 'none']);
  });
});

describe('receiptEntry', () => {
  it('has a title for everything, and an address only for issues', () => {
    const why = { reason: 'Blocked', message: 'm' } as const;
    const contents: BoardEntry['content'][] = [
      entry().content,
      { kind: 'draft', title: 'An idea' },
      { kind: 'pull-request', title: 'A change' },
      { kind: 'redacted' },
    ];
    const lines = contents.map((content) =>
      receiptEntrySchema.parse(receiptEntry({ itemId: 'x', content }, 'refused', why)),
    );
    expect(lines.map(({ title, url }) => [title, url])).to.deep.equal([
      ['Add the cart', 'https://github.com/acme/work/issues/1'],
      ['An idea', null],
      ['A change', null],
      ['(not visible)', null],
    ]);
  });
});
