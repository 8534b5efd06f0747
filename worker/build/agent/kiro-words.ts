type Words = { readonly pattern: RegExp; readonly message: string; readonly remedy: string };

/** Last words of kiro-cli that mean "nothing was done" although it exits with 0. */
const WORDS: readonly Words[] = [
  {
    pattern: /Authentication failed/i,
    message: 'kiro-cli did not accept the API key',
    remedy: 'Write a valid key into the secret kiro-api-key.',
  },
  {
    pattern: /(?:monthly )?request limit reached/i,
    message: 'The Kiro subscription has no requests left',
    remedy: 'Wait for the next month, or raise the limit of the subscription.',
  },
];

const LAST_LINES = 5;
/** Only a run that reached the model ends with what it cost. */
const PAID = /▸ Credits: /;

/** Why the end of the output means that Kiro refused to work; null when it does not. Only its last lines count: a model may talk of such things. */
export const explainKiroWords = (tail: string): { readonly message: string; readonly remedy: string } | null => {
  const last = tail.trim().split('\n').slice(-LAST_LINES).join('\n');
  if (PAID.test(last)) return null;
  const words = WORDS.find(({ pattern }) => pattern.test(last));
  return words ? { message: `${words.message}: ${last.slice(-500)}`, remedy: words.remedy } : null;
};
