/** Clean-up goes forward only: a failing state hands over to the next one, so there is no loop and the first cause is kept. */
export const forward = (next: string, assign?: Readonly<Record<string, unknown>>) => [
  { ErrorEquals: ['States.ALL'], ...(assign ? { Assign: assign } : {}), Next: next },
];
