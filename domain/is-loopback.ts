const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/;

/** Whether the host of an address is this very machine: what is sent there in clear, nobody else reads. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);
