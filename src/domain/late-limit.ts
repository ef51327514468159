/**
 * How many minutes after its instant an execution may still go out: cfg_RecuperacionMin, else
 * ALERTS_CATCH_UP_MINUTES, and never less than ALERTS_WINDOW_MINUTES.
 */
export function lateLimitMinutes(
  catchUpMinutes: number | null,
  policy: { catchUpMinutes: number; windowMinutes: number },
): number {
  return Math.max(catchUpMinutes ?? policy.catchUpMinutes, policy.windowMinutes);
}
