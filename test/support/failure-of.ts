/** The error that a call ends in; a call that succeeds fails the test. */
export const failureOf = async (call: Promise<unknown>): Promise<Error & { readonly remedy?: string }> => {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('the call was expected to fail');
};
