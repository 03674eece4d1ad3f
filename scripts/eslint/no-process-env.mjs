/**
 * Settings are read once, validated, and reported all at once by libs/platform/config; a second reader of the
 * environment would be a setting nobody can find.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export default {
  meta: {
    type: 'problem',
    docs: { description: 'forbid the process environment outside the configuration' },
    schema: [],
    messages: { env: 'Only libs/platform/config reads the environment; take the value from the configuration (AppConfig of #platform).' },
  },
  create(context) {
    return {
      'MemberExpression[object.name="process"][property.name="env"]'(node) {
        context.report({ node, messageId: 'env' });
      },
      'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"]'(node) {
        context.report({ node, messageId: 'env' });
      },
      'ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name="env"]'(node) {
        context.report({ node, messageId: 'env' });
      },
    };
  },
};
