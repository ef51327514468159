/** A form in which codes are alike that SQL Server takes for the same: whatever their case, with blanks at the end. */
export function sameCode(code: string): string {
  return code.replace(/ +$/, '').toUpperCase();
}
