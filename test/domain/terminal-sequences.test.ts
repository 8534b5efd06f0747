import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { withoutSequences } from '../../domain/terminal-sequences';

const ESC = '\u001b';
const CSI = '\u009b';

describe('withoutSequences', () => {
  it('takes out what Node.js would, of what programs write', () => {
    for (const text of [
      `${ESC}[31mred${ESC}[0m`,
      `${ESC}[38;5;141m> ${ESC}[0mdone`,
      `${ESC}[?25l${ESC}[2K${ESC}[1Gloading${ESC}[?25h`,
      `${CSI}1;31mred${CSI}m`,
      `${ESC}]0;title\u0007text`,
      `${ESC}]8;;https://example.com/a?b=1${ESC}\\link${ESC}]8;;${ESC}\\`,
      'plain [31m text',
    ])
      expect(withoutSequences(text), JSON.stringify(text)).to.equal(stripVTControlCharacters(text));
    expect(withoutSequences(`${ESC}7saved${ESC}8${ESC}(B`), 'of which Node.js takes more').to.equal('saved');
  });

  it('leaves the markup that stands behind a sequence that was cut off', () => {
    for (const [cut, rest] of [
      [`${ESC}[`, ']]></system-out>'],
      [`${ESC}`, ']]></system-out>'],
      [`${ESC}[3`, '</failure>'],
      [`${ESC}`, '</failure>'],
      [`${ESC}`, '&lt;'],
      [`${ESC}]0;title`, '</failure>\u0007'],
    ] as const)
      expect(withoutSequences(cut + rest).endsWith(rest), JSON.stringify(cut + rest)).to.equal(true);
  });

  // The pattern of Node.js would need days for these: they are a test because they end at all.
  it('comes to an end with a million characters that only look like sequences', () => {
    for (const [begin, again] of [
      [ESC, ';?'],
      [`${ESC}[`, ';1'],
      [`${ESC}]`, '0;'],
      ['', ESC],
      ['', '\u009d'],
      ['', `${ESC}]`],
    ] as const)
      expect(withoutSequences(begin + again.repeat(500_000)).length).to.be.at.most(1_000_002);
  });
});
