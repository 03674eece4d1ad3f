import type { Event } from '#event-store';

/** What a sending month appends: deliveries that were sent, and statements that were issued; `count` of them from a number on. */
export function eventsOf(count: number): (seed: number) => Event[] {
  const sent = (n: number): Event => ({
    type: 'DeliverySent',
    data: { deliveryId: `2025-01-${n.toString(16).padStart(20, '0')}`, devMode: false, response: `250 2.0.0 Ok: queued as 4XyZ${n}` },
  });
  const issued = (n: number): Event => ({
    type: 'StatementIssued',
    data: {
      piEmail: `pi${n % 300}@example.edu`,
      projectId: `project-${n % 300}-${n % 3}`,
      runId: 17,
      period: '2025-01',
      revision: 1,
      currency: 'USD',
      fundOrgs: [`DEPT${n % 40}-GR${10_000 + (n % 300)}`],
      list: `${n}.00`,
      discount: '0.00',
      due: `${n}.00`,
      lineCount: 112,
      ledgerDigest: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
      sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
      fileName: `2025-01_pi${n % 300}_example.edu_project-${n % 300}-${n % 3}.pdf`,
    },
  });
  return (seed) => Array.from({ length: count }, (_, index) => ((seed + index) % 2 === 0 ? sent(seed + index) : issued(seed + index)));
}
