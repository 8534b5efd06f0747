import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { renderLiveEvent } from '../../../cli/render/live-view';
import { createPaint } from '../../../cli/render/paint';
import { renderTable } from '../../../cli/render/table';
import { cutText } from '../../../domain/markdown';
import { projectRoot } from '../../../local/project-root';

const plain = createPaint(false);
const step = {
  name: 'Build',
  startedAt: '2026-01-01T00:00:00.000Z',
  seconds: 12.4,
  attempts: 1,
  outcome: 'succeeded',
} as const;

describe('renderLiveEvent', () => {
  it('shows an item and its steps as a tree', () => {
    const started = { kind: 'item-started', number: 3, title: 'Round tax', branch: 'feature/r' } as const;
    expect(renderLiveEvent(started, plain)).to.equal('\n#3 Round tax feature/r');
    expect(renderLiveEvent({ kind: 'step-ended', step, detail: '' }, plain)).to.match(/^ {2}✓ Build +12 s$/);
    const ended = { kind: 'item-ended', number: 3, outcome: 'red', summary: 'a test failed' } as const;
    expect(renderLiveEvent(ended, plain)).to.equal('  └ red: a test failed');
  });

  it('has the durations below one another, whatever the states are called', () => {
    const machine = readFileSync(join(projectRoot(), 'test/golden/test.asl.json'), 'utf8');
    const names = [...machine.matchAll(/"(\w+)": \{\s*"Type": "Task"/g)].map(([, name = '']) => name);
    expect(names).to.include('SendUnlockedToDeadLetterQueue');
    const widths = names.map(
      (name) => renderLiveEvent({ kind: 'step-ended', step: { ...step, name }, detail: '' }, plain).length,
    );
    expect(new Set(widths).size).to.equal(1);
  });

  it('says how often a step was tried, and marks failure and the unfinished', () => {
    const failed = { ...step, outcome: 'failed', attempts: 3, seconds: 0.25 } as const;
    expect(renderLiveEvent({ kind: 'step-ended', step: failed, detail: 'why' }, plain)).to.match(
      /✗ Build +0\.\d s {2}3 attempts {2}why/,
    );
    const open = { ...step, outcome: 'unfinished', seconds: null } as const;
    expect(renderLiveEvent({ kind: 'step-ended', step: open, detail: '' }, plain)).to.contain('… Build');
  });

  it('colours only when asked to', () => {
    const ended = { kind: 'item-ended', number: 1, outcome: 'green', summary: '' } as const;
    expect(renderLiveEvent(ended, plain)).to.not.contain('\u001b');
    expect(renderLiveEvent(ended, createPaint(true))).to.contain('\u001b[32m');
  });
});

describe('renderTable', () => {
  it('aligns columns whatever their colours', () => {
    const lines = renderTable(
      ['a', 'long heading'],
      [
        [createPaint(true).good('green'), 'x'],
        ['b', 'y'],
      ],
    );
    expect(lines[1]).to.equal('-----  ------------');
    expect(lines[3]).to.equal('b      y');
  });

  it('cuts long text with an ellipsis', () => {
    expect(cutText('abcdef', 4)).to.equal('abc…');
    expect(cutText('abcd', 4)).to.equal('abcd');
  });
});
