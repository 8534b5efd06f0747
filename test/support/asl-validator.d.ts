/** asl-validator comes without types. */
declare module 'asl-validator' {
  type Options = { readonly checkPaths?: boolean; readonly checkArn?: boolean };
  type Verdict = { readonly isValid: boolean; readonly errors: readonly unknown[] };
  const aslValidator: (definition: object, options?: Options) => Verdict;
  export = aslValidator;
}
