/** The release of the real host and worker that this one imitates; apps and the admin API can read both. */
export const HOST_VERSION = '4.1037.0.0';
export const WORKER_VERSION = '3.10.1';
