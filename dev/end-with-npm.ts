const checkMs = 500;
/** As it was at the start: npm may be gone before anybody asks. */
const npm = process.ppid;

/** Calls `end` once the npm that runs this command is gone: it passes signals on no further than to its shell. */
export function endWithNpm(end: () => void): void {
  const check = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(check);
    end();
  }, checkMs).unref();
}
