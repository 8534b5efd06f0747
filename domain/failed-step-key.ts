import { artifactPrefix, buildKeys, checkoutKeys, publishKeys } from './artifact-keys';

/** Where the step of an execution that failed leaves its `error.json`; null for steps that run no build. */
export const failedStepKey = (executionName: string, step: string): string | null => {
  const prefix = artifactPrefix(executionName);
  if (step === 'Checkout') return checkoutKeys(prefix).error;
  if (step === 'Build') return buildKeys(prefix).error;
  if (step === 'Publish') return publishKeys(prefix).error;
  return null;
};
