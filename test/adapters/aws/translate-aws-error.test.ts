import { expect } from 'chai';
import { translateAwsError } from '../../../adapters/aws/translate-aws-error';
import { errorCatalogue, WorkerError } from '../../../domain/errors';

const named = (name: string) => Object.assign(new Error('so it is'), { name });

describe('translateAwsError', () => {
  const cases: Record<string, string> = {
    AccessDeniedException: 'PermissionDenied',
    AccessDenied: 'PermissionDenied',
    ResourceNotFoundException: 'NotFound',
    ThrottlingException: 'AwsUnavailable',
    InternalServerError: 'AwsUnavailable',
    TimeoutError: 'AwsUnavailable',
  };
  for (const [name, code] of Object.entries(cases))
    it(`calls ${name} ${code}`, () => {
      const translated = translateAwsError(named(name), 'read the moon');
      expect(translated.name).to.equal(code);
      expect(translated.message)
        .to.match(/read the moon/)
        .and.match(/so it is/);
      expect(translated.remedy).to.not.equal('');
    });

  it('has only what may pass tried again', () => {
    const isRetried = (name: string) => errorCatalogue[translateAwsError(named(name), 'x').code].retryable;
    expect(['AccessDenied', 'ParameterNotFound', 'SlowDown'].map(isRetried)).to.deep.equal([false, false, true]);
  });

  it('tells who has named no region or has no credentials what to do, not to try again', () => {
    expect(translateAwsError(new Error('Region is missing'), 'x').remedy).to.match(/AWS_REGION/);
    expect(translateAwsError(named('CredentialsProviderError'), 'x').remedy).to.match(/Sign in/);
    expect(translateAwsError(named('SlowDown'), 'x').remedy).to.equal('Try again later.');
  });

  it('leaves our own errors as they are', () => {
    const own = new WorkerError('LeaseLost', 'gone');
    expect(translateAwsError(own, 'x')).to.equal(own);
  });
});
