/**
 * Runs work that is rolled back once it knows what it would come to: the same work as if it were wanted, and nothing stays.
 * @param work runs in a transaction, and ends it with `conclude`, which never returns
 * @throws whatever the work throws before it concludes
 */
export async function dryRun<Found>(work: (conclude: (found: Found) => Promise<never>) => Promise<unknown>): Promise<Found> {
  let concluded: { readonly found: Found } | undefined;
  const end = new Error('a dry run ends here');
  try {
    await work((found) => {
      concluded = { found };
      return Promise.reject(end);
    });
  } catch (error) {
    if (error !== end) throw error;
  }
  if (concluded === undefined) throw new Error('a dry run that is not refused has an outcome');
  return concluded.found;
}
