/** As far as the record of who did what needs it: the domain of a mail address, the last three digits of a number. */
export function maskedDestination(destination: string): string {
  const at = destination.lastIndexOf('@');
  return `…${at === -1 ? destination.slice(-3) : destination.slice(at)}`;
}
