/** The number of a SQL Server error (2627, 1205 …), of the first when there are several; undefined for any other fault. */
export function sqlErrorNumber(error: unknown): number | undefined {
  const first: unknown = Array.isArray(error) ? error[0] : error;
  if (first instanceof Error && 'number' in first && typeof first.number === 'number') return first.number;
  return undefined;
}
