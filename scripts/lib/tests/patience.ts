/**
 * How many times as long as usual everything may take: budgets of files, time-outs of tests, and what tests wait for. For a machine that is slow or
 * busy with something else: `STREAMERS_TEST_PATIENCE`.
 */
export const PATIENCE = Number(process.env.STREAMERS_TEST_PATIENCE ?? 1)
