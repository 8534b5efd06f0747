/** Runs one compiled Lambda handler in a process of its own, with nothing but the environment that it is given. Started by invoke-handler. */
type Message = { readonly path: string; readonly event: unknown };

const answer = async ({ path, event }: Message): Promise<object> => {
  try {
    const { handler } = require(path) as { handler: (event: unknown) => Promise<unknown> };
    return { output: await handler(event) };
  } catch (error) {
    const { name, message, stack, cause } = error as Error;
    return { failure: { name, message, stack, cause: String(cause) } };
  }
};

process.on('message', (message: Message) => {
  void answer(message).then((result) => process.send?.(result));
});
