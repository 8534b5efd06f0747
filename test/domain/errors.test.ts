import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  describeError,
  errorCatalogue,
  exitCodes,
  hasCode,
  isErrorCode,
  retryableCodes,
  WorkerError,
} from '../../domain/errors';
import { receiptReasons } from '../../domain/receipt-reasons';
import { redReasonSchema } from '../../domain/verdict';
import { projectRoot } from '../../local/project-root';

/** First and third column of the table below a heading of docs/guides/codes.md. */
const explained = (heading: string): readonly (readonly string[])[] => {
  const guide = readFileSync(join(projectRoot(), 'docs/guides/codes.md'), 'utf8');
  const section = guide.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `(\w+)` \| [^|]+ \|(?: (\w*) ?\|)?$/gm)].map(([, code = '', retried = '']) => [
    code,
    retried,
  ]);
};

describe('the error catalogue', () => {
  it('gives every code an exit code that the guide explains', () => {
    const guide = readFileSync(join(projectRoot(), 'docs/guides/exit-codes.md'), 'utf8');
    for (const [code, { exitCode }] of Object.entries(errorCatalogue)) {
      expect(Object.values(exitCodes), code).to.include(exitCode);
      expect(exitCode, code).to.not.equal(exitCodes.success);
    }
    for (const exitCode of Object.values(exitCodes))
      expect(guide, `exit code ${exitCode}`).to.match(new RegExp(`\\b${exitCode}\\b`));
  });

  it('is explained in the guide: each code once, and whether it is tried again', () => {
    expect(explained('Errors')).to.deep.equal(
      Object.entries(errorCatalogue).map(([code, { retryable }]) => [code, retryable ? 'yes' : '']),
    );
    const red = explained('Why a result is red').map(([code]) => code);
    expect(red).to.deep.equal(redReasonSchema.shape.code.options);
  });

  it('has a place in the guide for every reason of a receipt', () => {
    const guide = readFileSync(join(projectRoot(), 'docs/guides/codes.md'), 'utf8');
    const section = guide.split('## Why an item is not started')[1] ?? '';
    const named = [...section.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, name]) => name);
    expect(named).to.have.members(Object.keys(receiptReasons));
  });

  it('has only what may pass by itself tried again', () => {
    expect(retryableCodes).to.have.members([
      'RateLimited',
      'GitHubUnavailable',
      'AwsUnavailable',
      'BoardWriteNotVisible',
      'RepositoryUnreachable',
      'NoFreeSlot',
      'AgentNoOutput',
      'AgentUnavailable',
    ]);
  });

  it('is not fooled by names that every object has', () => {
    for (const name of ['constructor', 'toString', '__proto__', '']) expect(isErrorCode(name)).to.equal(false);
    expect(isErrorCode('LeaseLost')).to.equal(true);
  });
});

describe('WorkerError', () => {
  it('carries its code as its name, which survives minification', () => {
    const cause = new Error('deeper');
    const error = new WorkerError('LeaseLost', 'It is gone.', 'Take it.', { cause });
    expect([error.name, error.code, error.message, error.remedy, error.cause]).to.deep.equal([
      'LeaseLost',
      'LeaseLost',
      'It is gone.',
      'Take it.',
      cause,
    ]);
    expect(describeError(error)).to.equal('It is gone. Take it.');
  });

  it("is recognised by its name, also when it is another bundle's copy", () => {
    const foreign = Object.assign(new Error('x'), { name: 'RateLimited' });
    expect([
      hasCode(foreign, 'LeaseLost', 'RateLimited'),
      hasCode(foreign, 'LeaseLost'),
      hasCode('RateLimited', 'RateLimited'),
    ]).to.deep.equal([true, false, false]);
  });

  it('is described in words, whatever was thrown', () => {
    expect(describeError(new WorkerError('LeaseLost', 'gone'))).to.equal('gone');
    expect(describeError(new Error('plain'))).to.equal('plain');
    expect(describeError('text')).to.equal('text');
    expect(describeError(undefined)).to.equal('undefined');
  });
});
