import { expect } from 'chai';
import fc from 'fast-check';
import {
  codeBlock,
  codeSpan,
  cutText,
  fewLines,
  fitBody,
  GITHUB_BODY_LIMIT,
  inlineText,
  plainLine,
} from '../../domain/markdown';

const ESC = '\u001b';
/** Strings that are made of what Markdown and GitHub give a meaning to. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '@octocat',
        '#12',
        'GH-7',
        'acme/x#3',
        '<!--',
        '-->',
        '<b>',
        '](http://x)',
        '![',
        '`',
        '```',
        '|',
        '*',
        '_',
      ),
      fc.constantFrom(
        'https://github.com/a/b/issues/1',
        'www.x.io',
        '&#64;me',
        '$x$',
        '\\',
        '\n',
        '\r\n',
        '\t',
        '\u202e',
        '\u200b',
      ),
      fc.constantFrom(
        '😀',
        '\ud83d',
        `${ESC}[31m`,
        `${ESC}]8;;http://x\u0007`,
        '\u0000',
        '> ',
        '# ',
        '- ',
        '~~~',
        '{{',
      ),
      fc.string(),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** The fence that is open at the end of a text, by CommonMark's rule (a closing fence is at least as long, and alone). */
const openFence = (text: string): string => {
  let open = '';
  for (const line of text.split('\n')) {
    const fence = /^`{3,}/.exec(line)?.[0] ?? '';
    if (!open) open = fence;
    else if (/^`+\s*$/.test(line) && fence.length >= open.length) open = '';
  }
  return open;
};

describe('inlineText', () => {
  const cases: Record<string, string> = {
    'Add *the* _cart_': 'Add \\*the\\* \\_cart\\_',
    'a\n# b': 'a \\# b',
    '<!-- x -->': '\\<!-- x --\\>',
    '[x](y)': '\\[x\\](y)',
    'a|b': 'a\\|b',
    '@octocat': '@\u200boctocat',
    'fixes #12': 'fixes \\#\u200b12',
    'fixes GH-12': 'fixes GH-\u200b12',
    'closes https://github.com/a/b/issues/1': 'closes https:\u200b//github.com/a/b/issues/1',
    'www.evil.io': 'www\u200b.evil.io',
    '&#64;octocat': '\\&\\#\u200b64;octocat',
    '$\\color{red}$': '\\$\\\\color\\{red\\}\\$',
    'a\u202eb\u0007c': 'abc',
    [`${ESC}[31mred${ESC}[0m`]: 'red',
  };
  for (const [text, expected] of Object.entries(cases))
    it(`makes ${JSON.stringify(text)} harmless`, () => expect(inlineText(text)).to.equal(expected));

  it('leaves nothing of which Markdown or GitHub makes more than text, whatever it is given', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const inline = inlineText(text);
        expect(inline).to.not.match(/[\r\n]/);
        const unescaped = inline.replace(/\\[\\`*_{}[\]<>|#~&$]/g, '');
        expect(unescaped).to.not.match(/[\\`*_{}[\]<>|#~&$]/);
        expect(inline).to.not.match(/@[A-Za-z0-9]|#\d|GH-\d|:\/\/|www\./i);
        expect(inline.length).to.be.at.most(2 * 500 + 200);
        expect(inline.replaceAll('\u200b', '')).to.not.match(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });

  it('keeps long text short', () => {
    expect(inlineText('x'.repeat(10_000))).to.have.length(500);
  });
});

describe('plainLine', () => {
  it('keeps words of every language and loses what cannot be seen', () => {
    expect(plainLine('  Größe\n\tпроверить\u200b 数量 \u0000 ')).to.equal('Größe проверить 数量');
  });
});

describe('cutText', () => {
  it('never leaves half of a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const cut = cutText(text, limit);
        expect(cut.length).to.be.at.most(limit);
        expect(cut).to.equal(Buffer.from(cut).toString());
      }),
    );
    expect(cutText('abc', 3)).to.equal('abc');
    expect(cutText('abcd', 3)).to.equal('ab…');
  });
});

describe('codeSpan', () => {
  it('cannot be ended from inside, nor end a cell of a table', () => {
    expect(codeSpan('a`b|c\nd')).to.equal("`a'b\\|c d`");
    expect(codeSpan('')).to.equal('–');
    fc.assert(
      fc.property(hostile, (text) => {
        const span = codeSpan(text);
        expect(span).to.match(/^(`[^`\n]+`|–)$/);
      }),
    );
  });
});

describe('codeBlock', () => {
  it('cannot be ended from inside', () => {
    expect(codeBlock('a\n```\nb\n')).to.equal('````text\na\n```\nb\n````');
    fc.assert(
      fc.property(hostile, (text) => {
        const block = codeBlock(text);
        const [first = '', ...rest] = block.split('\n');
        const fence = first.replace('text', '');
        expect(rest.findIndex((line) => line.startsWith(fence))).to.equal(rest.length - 1);
      }),
    );
  });

  it('shows the output of a terminal as people read it', () => {
    expect(codeBlock(`${ESC}[32m✔${ESC}[39m works\r\n\tin two lines  \n\n`)).to.equal(
      '```text\n✔ works\n\tin two lines\n```',
    );
  });

  it('does not take long for hostile output', () => {
    const started = Date.now();
    for (const text of [ESC, `${ESC}[`, `${ESC}]`, '`', '` ', '\u200b']) codeBlock(text.repeat(500_000));
    expect(Date.now() - started).to.be.below(5_000);
  });
});

describe('fewLines', () => {
  it('says how many there are beyond the limit', () => {
    const rest = (left: number) => `and ${left} more`;
    expect(fewLines(['a', 'b'], 2, rest)).to.deep.equal(['a', 'b']);
    expect(fewLines(['a', 'b', 'c', 'd'], 2, rest)).to.deep.equal(['a', 'b', 'and 2 more']);
  });
});

describe('fitBody', () => {
  const place = '`s3://artifacts/builds/run-1/`';

  it('leaves what fits as it is', () => {
    const body = 'x'.repeat(GITHUB_BODY_LIMIT);
    expect(fitBody(body, place)).to.equal(body);
  });

  it('cuts at a line and says where the rest is', () => {
    const body = fitBody('a line\n'.repeat(20_000), place);
    expect(body.length).to.be.within(GITHUB_BODY_LIMIT - 20, GITHUB_BODY_LIMIT);
    expect(body).to.match(/\na line\n\n_Cut here: GitHub allows 65536 characters\. The rest is in `s3:.*`\._\n$/);
  });

  it('cuts one endless line, too, and never through a character', () => {
    const body = fitBody('😀'.repeat(50_000), place);
    expect(body.length).to.be.within(GITHUB_BODY_LIMIT - 20, GITHUB_BODY_LIMIT);
    expect(body).to.equal(Buffer.from(body).toString());
  });

  it('closes what is open where it cuts: a code block of any fence, and details around it', () => {
    const block = codeBlock(`\`\`\`\`\`\n${'```\nx\n'.repeat(20_000)}`);
    const body = fitBody(`<details><summary>x</summary>\n\n${block}\n\n</details>`, place);
    expect(openFence(body)).to.equal('');
    expect(body).to.match(/\n``````\n\n<\/details>\n\n_Cut here/);
  });

  it('keeps to the limit with every fence closed, whatever is in it', () => {
    const part = fc.oneof(
      hostile.map(codeBlock),
      hostile.map(inlineText),
      fc.constant('<details><summary>x</summary>'),
      fc.integer({ min: 3, max: 300 }).map((ticks) => codeBlock(`${'`'.repeat(ticks)}\n${'y'.repeat(200)}`)),
    );
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 400, max: 3_000 }),
        (parts, limit) => {
          const whole = parts.join('\n');
          const body = fitBody(whole, place, limit);
          expect(body.length).to.be.at.most(limit);
          if (whole.length <= limit) return;
          const beforeNote = body.slice(0, body.lastIndexOf('\n\n_Cut here'));
          expect(openFence(beforeNote)).to.equal('');
        },
      ),
    );
  });
});
