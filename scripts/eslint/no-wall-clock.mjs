/**
 * The time and chance come in through a door (`Clock` of #kernel, a seeded generator), so that a billing period can be
 * replayed and tested. `performance.now()` stays allowed: it measures a duration and tells no time.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export default {
  meta: {
    type: 'problem',
    docs: { description: 'forbid reading the wall clock or chance directly' },
    schema: [],
    messages: {
      clock: 'This reads the machine’s clock; take a Clock of #kernel (for a duration, performance.now()).',
      chance: 'Math.random() cannot be replayed; take randomness from node:crypto for secrets and ids, or a seeded generator.',
    },
  },
  create(context) {
    return {
      'CallExpression[callee.object.name="Date"][callee.property.name="now"]'(node) {
        context.report({ node, messageId: 'clock' });
      },
      'NewExpression[callee.name="Date"][arguments.length=0]'(node) {
        context.report({ node, messageId: 'clock' });
      },
      'CallExpression[callee.name="Date"]'(node) {
        context.report({ node, messageId: 'clock' });
      },
      'MemberExpression[object.name="Math"][property.name="random"]'(node) {
        context.report({ node, messageId: 'chance' });
      },
    };
  },
};
