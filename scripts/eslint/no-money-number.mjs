/**
 * Money is an exact decimal from the file to the cent (domain.md §8), so nothing that is named after money may be a
 * `number`: not by annotation, not by a numeric literal, not by `Number()`, `parseFloat()` or unary `+`.
 *
 * A name is judged by its last word, for that is what it is a kind of: `lineTotal` and `amount_due` are money,
 * `totalLines` and `listLength` are counts. `isDebit` asks a question. Unit words after it (`amountMinor`, `costCents`) do not make it less so;
 * whole minor units belong in a bigint.
 */
const MONEY_WORDS = new Set(
  ['cost', 'amount', 'total', 'subtotal', 'due', 'billed', 'list', 'discount', 'price', 'debit', 'credit', 'money'].flatMap((word) => [
    word,
    `${word}s`,
  ]),
);
const QUESTION_WORDS = new Set(['is', 'has', 'can', 'may', 'should', 'was', 'with', 'without']);
const UNIT_WORDS = new Set(['minor', 'cents', 'usd', 'eur', 'exact', 'rounded']);

/** @param {string} name */
export function isMoneyName(name) {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  if (words.length > 1 && QUESTION_WORDS.has(words[0] ?? '')) return false;
  while (words.length > 1 && UNIT_WORDS.has(words.at(-1) ?? '')) words.pop();
  return MONEY_WORDS.has(words.at(-1) ?? '');
}

/** The name a value goes by: `x`, `row.x`, `row['x']`, `row.x!`, `row.x ?? '0'`, `row.x.toString()`. */
function nameOf(node) {
  switch (node?.type) {
    case 'Identifier':
    case 'PrivateIdentifier':
      return node.name;
    case 'Literal':
      return typeof node.value === 'string' ? node.value : undefined;
    case 'MemberExpression':
      return nameOf(node.property);
    case 'CallExpression':
      return node.callee.type === 'MemberExpression' ? nameOf(node.callee.object) : nameOf(node.callee);
    case 'ChainExpression':
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return nameOf(node.expression);
    case 'LogicalExpression':
      return nameOf(node.left);
    default:
      return undefined;
  }
}

function holdsNumber(type) {
  switch (type?.type) {
    case 'TSNumberKeyword':
      return true;
    case 'TSUnionType':
      return type.types.some(holdsNumber);
    case 'TSArrayType':
      return holdsNumber(type.elementType);
    case 'TSTypeOperator':
      return holdsNumber(type.typeAnnotation);
    case 'TSTypeReference':
      return (type.typeArguments?.params ?? []).some(holdsNumber);
    default:
      return false;
  }
}

function isNumericLiteral(node) {
  if (node?.type === 'UnaryExpression') return isNumericLiteral(node.argument);
  return node?.type === 'Literal' && typeof node.value === 'number';
}

function convertsToNumber(callee) {
  if (callee.type === 'Identifier') return ['Number', 'parseFloat', 'parseInt'].includes(callee.name);
  return (
    callee.type === 'MemberExpression' && callee.object.name === 'Number' && ['parseFloat', 'parseInt'].includes(nameOf(callee.property))
  );
}

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'problem',
    docs: { description: 'forbid binary floats for anything named after money' },
    schema: [],
    messages: {
      annotated:
        '“{{name}}” is named after money but is a number; use Decimal of #kernel (a count is named after what it counts: lineCount).',
      converted: '“{{name}}” is named after money and must not become a number; compute with Decimal of #kernel.',
    },
  },
  create(context) {
    function checkAnnotated(name, annotation, node) {
      if (name !== undefined && isMoneyName(name) && holdsNumber(annotation?.typeAnnotation)) {
        context.report({ node, messageId: 'annotated', data: { name } });
      }
    }
    function checkConverted(value) {
      const name = nameOf(value);
      if (name !== undefined && isMoneyName(name)) context.report({ node: value, messageId: 'converted', data: { name } });
    }
    function checkProperty(node) {
      if (!node.computed) checkAnnotated(nameOf(node.key), node.typeAnnotation, node.key);
    }
    function checkMethod(node) {
      if (!node.computed) checkAnnotated(nameOf(node.key), (node.value ?? node).returnType, node.key);
    }
    return {
      Identifier(node) {
        checkAnnotated(node.name, node.typeAnnotation, node);
      },
      PropertyDefinition: checkProperty,
      TSAbstractPropertyDefinition: checkProperty,
      TSPropertySignature: checkProperty,
      MethodDefinition: checkMethod,
      TSAbstractMethodDefinition: checkMethod,
      TSMethodSignature: checkMethod,
      FunctionDeclaration(node) {
        checkAnnotated(node.id?.name, node.returnType, node.id);
      },
      VariableDeclarator(node) {
        const name = nameOf(node.id);
        if (name !== undefined && isMoneyName(name) && isNumericLiteral(node.init)) {
          context.report({ node: node.id, messageId: 'annotated', data: { name } });
        }
      },
      CallExpression(node) {
        if (convertsToNumber(node.callee)) checkConverted(node.arguments[0]);
      },
      'UnaryExpression[operator="+"]'(node) {
        checkConverted(node.argument);
      },
    };
  },
};
