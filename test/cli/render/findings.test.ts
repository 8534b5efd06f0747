import { expect } from 'chai';
import { renderFindings } from '../../../cli/render/findings';
import { createPaint } from '../../../cli/render/paint';

describe('renderFindings', () => {
  it('lets nothing of a board reach the terminal but what people can see', () => {
    const lines = renderFindings(
      [
        {
          area: 'board',
          subject: 'acme/7',
          check: 'board-fields',
          status: 'problem',
          message: 'The board has no field "Sta\u001b]0;owned\u0007tus\u202e".',
          remedy: 'Rename "\u001b[31mState".\r',
        },
      ],
      createPaint(false),
    );
    expect(lines).to.deep.equal(['The board acme/7', '  ✗ The board has no field "Status".', '      Rename "State".']);
  });
});
