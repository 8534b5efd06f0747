import { expect } from 'chai';
import type { CliContext, CommandInput } from '../../../cli/command';
import { parsePassedVariables } from '../../../cli/run/options';

const parse = (pass: string) =>
  parsePassedVariables(
    { options: { pass } } as unknown as CommandInput,
    { env: { MODE: 'fast', PATH: '/bin', MODEL_KEY: 'k', HOME: '/home' } } as unknown as CliContext,
  );

describe('parsePassedVariables', () => {
  it('gives the names that the build is to have as well', () => {
    expect(parse(' MODEL_KEY,HOME, ')).to.deep.equal(['MODEL_KEY', 'HOME']);
  });

  it('refuses names of the worker itself before a build is started with another value for them', () => {
    expect(() => parse('MODEL_KEY,MODE')).to.throw(
      '--pass: MODE is a variable of AWS, CodeBuild or the worker itself.',
    );
    expect(() => parse('PATH')).to.throw('--pass: PATH reaches the build anyway.');
    expect(() => parse('A B')).to.throw('--pass: A B is no name of a variable.');
  });

  it('refuses a name that is not set', () => {
    expect(() => parse('MODEL_KEY,ABSENT')).to.throw('The variable ABSENT is not set.');
  });
});
