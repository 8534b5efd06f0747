/** Variables that a machine behind a company's proxy needs to install anything: passed on to install, agent and tests where the worker has them. */
export const USUALLY_PASSED = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
] as const;
