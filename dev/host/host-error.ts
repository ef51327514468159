/** Something the person who started the host can put right: the message alone is printed, exit code 1. */
export class HostError extends Error {
  override readonly name: string = 'HostError';
}
