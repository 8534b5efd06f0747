import { expect } from 'chai';
import * as z from 'zod';
import { parseArtifact } from '../../domain/parse-artifact';

const schema = z.strictObject({ list: z.array(z.strictObject({ n: z.number() })) });
const problemOf = (text: string | null): string => {
  try {
    parseArtifact(text, 'builds/x/result.json', schema);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'none';
};

describe('parseArtifact', () => {
  it('gives what is sound', () => {
    expect(parseArtifact('{"list":[{"n":1}]}', 'k', schema)).to.deep.equal({ list: [{ n: 1 }] });
  });

  it('says what is missing or wrong, where, in which file', () => {
    expect(problemOf(null)).to.equal('ResultMissing: There is no builds/x/result.json in the artifacts bucket.');
    expect(problemOf('')).to.equal('ResultInvalid: builds/x/result.json is not JSON.');
    expect(problemOf('{"list":[{"n":1},{"n":"x"}]}')).to.match(/^ResultInvalid: .*at list\.1\.n: .*expected number/);
    expect(problemOf('7')).to.match(/at its root: .*expected object/);
  });
});
