import { expect } from 'chai';
import { explainItem } from '../../../cli/explain/explain-item';
import type { Facts } from '../../../cli/explain/facts';
import { renderExplanation } from '../../../cli/explain/render-explanation';
import { deadLetter, EARLIER, execution, factsOf, lock } from './facts-of';

const explain = (change: Partial<Facts> = {}) => explainItem(factsOf(change));
const position = (change: Partial<Facts['position']>): Facts['position'] => ({ ...factsOf().position, ...change });

describe('renderExplanation', () => {
  it('shows the answer before what it rests on, and nothing that a title could hide', () => {
    const lines = renderExplanation(
      explain({
        item: { itemId: 'PVTI_1', title: 'Cart\u001b[2J\n\u202eevil', url: null },
        lock: lock({ state: 'free' }),
        executions: [execution()],
        deadLetters: [deadLetter({ failedAt: EARLIER })],
        spent: { known: 2, unknownRuns: 1 },
      }),
    );
    const text = lines.join('\n');
    expect(lines[0]).to.equal('Cart evil  PVTI_1');
    expect(lines[2]).to.match(/^waiting: It is ready/);
    expect(text)
      .to.contain('What would change that:')
      .and.to.contain('SUCCEEDED green, 2 credits and 1 run of unknown cost');
    expect(text).to.contain('item: 2 credits and 1 run of unknown cost (counted as 1 each): 3 of 100 (3 %)');
    const free = explain({
      position: position({ budget: { ...factsOf().position.budget, breakerRuns: null, itemCredits: null } }),
      spent: { known: 0, unknownRuns: 2 },
    });
    expect(renderExplanation(free).join('\n'))
      .to.contain('item: 2 runs of unknown cost, no limit')
      .and.to.contain('circuit breaker switched off');
    expect(text).to.contain('attempts     2 of 3').and.to.contain('slots        1 of 1 taken');
  });
});
