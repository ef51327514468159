const checkMs = 500;

/** Calls `end` once the npm that runs this command is gone: it passes signals on no further than to its shell. */
export function endWithNpm(end: () => void): void {
  const npm = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(check);
    end();
  }, checkMs).unref();
}
