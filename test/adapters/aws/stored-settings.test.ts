import { expect } from 'chai';
import sinon from 'sinon';
import { ssmBoardSettings, storedSecret } from '../../../adapters/aws/stored-settings';
import { errorCatalogue } from '../../../domain/errors';
import { awsBench, names } from '../../support/aws-bench';
import { failureOf } from '../../support/failure-of';

const settings = { owner: 'acme', ownerKind: 'organization', number: 7, repositories: ['acme/shop'] };

describe('the stored settings', () => {
  const bench = awsBench();
  const before = { ...process.env };
  beforeEach(() => {
    Object.assign(process.env, bench().env); // Powertools makes its own clients, from the environment
  });
  afterEach(() => {
    for (const name of Object.keys(bench().env)) delete process.env[name];
    Object.assign(process.env, before);
    sinon.restore();
  });
  const later = (seconds: number) => {
    const now = Date.now();
    sinon.stub(Date, 'now').returns(now + seconds * 1000);
  };

  describe('storedSecret', () => {
    const secret = () => storedSecret({ secretId: names.secret });

    it('reads the value, without the line break that an editor has left, and knows what must not be shown', async () => {
      bench().secrets.put(names.secret, 'ghp_first\n');
      const token = secret();
      expect(token.known()).to.deep.equal([]);
      expect(await token.read()).to.equal('ghp_first');
      expect(token.known()).to.deep.equal(['ghp_first']);
    });

    it('keeps it for five minutes, and no longer', async () => {
      bench().secrets.put(names.secret, 'ghp_first');
      const token = secret();
      await token.read();
      bench().secrets.put(names.secret, 'ghp_second');
      later(299);
      expect(await token.read()).to.equal('ghp_first');
      sinon.restore();
      later(301);
      expect(await token.read()).to.equal('ghp_second');
      expect(token.known()).to.deep.equal(['ghp_first', 'ghp_second']);
    });

    it('asks again at once after forget, and caches the new one', async () => {
      bench().secrets.put(names.secret, 'ghp_first');
      const token = secret();
      await token.read();
      bench().secrets.put(names.secret, 'ghp_second');
      token.forget();
      expect(await token.read()).to.equal('ghp_second');
      bench().secrets.put(names.secret, 'ghp_third');
      expect(await token.read()).to.equal('ghp_second');
    });

    it('says which secret is not there, or has no value', async () => {
      const unwritten = await failureOf(secret().read());
      expect(unwritten.name).to.equal('SecretMissing');
      expect(unwritten.message).to.match(/^The secret github-token has no value: .*AWSCURRENT/);
      expect(unwritten.remedy).to.match(/put-secret-value --secret-id github-token/);
      bench().secrets.put(names.secret, ' \n');
      const empty = await failureOf(secret().read());
      expect([empty.name, empty.message]).to.deep.equal(['SecretMissing', 'The secret github-token has no value.']);
      const absent = await failureOf(storedSecret({ secretId: 'nobodys' }).read());
      expect([absent.name, errorCatalogue.SecretMissing.retryable]).to.deep.equal(['SecretMissing', false]);
    });
  });

  describe('ssmBoardSettings', () => {
    const read = () => ssmBoardSettings({ parameter: names.parameter })();
    const put = (value: unknown) =>
      bench().parameters.put(names.parameter, typeof value === 'string' ? value : JSON.stringify(value));

    it('fills in the names that GitHub gives a new board', async () => {
      put(settings);
      expect(await read()).to.deep.equal({
        ...settings,
        fields: { status: 'Status', priority: 'Priority', branch: 'Branch', spec: 'Spec' },
        options: {
          ready: 'Ready',
          inProgress: 'In progress',
          inReview: 'In review',
          needsAttention: 'Needs attention',
        },
      });
    });

    it('keeps them for five minutes', async () => {
      put(settings);
      const reader = ssmBoardSettings({ parameter: names.parameter });
      expect((await reader()).number).to.equal(7);
      put({ ...settings, number: 8 });
      expect((await reader()).number).to.equal(7);
      later(301);
      expect((await reader()).number).to.equal(8);
    });

    const wrong: Record<string, readonly [unknown, RegExp]> = {
      'is not JSON': ['{', /the parameter .*github-project-config is not JSON/i],
      'has an unknown field': [{ ...settings, colour: 'red' }, /Unrecognized key: "colour"/],
      'lacks the repositories': [{ ...settings, repositories: [] }, /repositories/],
      'names a repository wrongly': [{ ...settings, repositories: ['shop'] }, /OWNER\/NAME/],
      'has a number that is none': [{ ...settings, number: -1 }, /number/],
      'uses one option for two states': [
        { ...settings, options: { inReview: 'ready' } },
        /two states have the same option/,
      ],
      'uses one field twice': [{ ...settings, fields: { spec: 'Branch' } }, /two fields have the same name/],
    };
    for (const [what, [value, message]] of Object.entries(wrong))
      it(`refuses a value that ${what}`, async () => {
        put(value);
        const error = await failureOf(read());
        expect(error.name).to.equal('BoardMisconfigured');
        expect(error.message).to.match(message);
        expect(error.remedy).to.match(/docs\/guides/);
      });

    it('says which parameter is not there', async () => {
      const error = await failureOf(read());
      expect(error.name).to.equal('NotFound');
      expect(error.message).to.match(
        /read the parameter \/kiro-worker\/test\/github-project-config: ParameterNotFound/,
      );
    });
  });
});
