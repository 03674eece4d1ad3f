import { checkTemplate, renderTemplate, TemplateFailed } from '#templates';
import { fromTransfer, type RenderedTemplate, type TemplateOutcome, type TemplateTask } from './template-transfer.js';

/** Entry of a worker thread: reads a template, or fills it in. A template that fails is an outcome; errors lose their class on the way back. */
export default function tryTemplate({ filling, ...template }: TemplateTask): TemplateOutcome {
  try {
    if (filling === null) {
      checkTemplate(template);
      return { rendered: { text: '', isCapped: false, bytes: 0, lineCount: 0 } };
    }
    const { context, digits, fuel, timeLimitMs, mostCharacters } = filling;
    const data = fromTransfer(context) as Readonly<Record<string, unknown>>;
    return {
      rendered: capped(
        renderTemplate({ ...template, context: data, digits, timeLimitMs, ...(fuel !== undefined && { fuel }) }),
        mostCharacters,
      ),
    };
  } catch (error) {
    if (error instanceof TemplateFailed) return { failure: error.failure };
    throw error;
  }
}

function capped(text: string, mostCharacters: number): RenderedTemplate {
  const lineCount = text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0);
  const whole = { bytes: Buffer.byteLength(text), lineCount };
  if (text.length <= mostCharacters) return { text, isCapped: false, ...whole };
  const end = text.lastIndexOf('\n', mostCharacters);
  return { text: text.slice(0, end < 0 ? mostCharacters : end + 1).replace(/\p{Cs}$/u, ''), isCapped: true, ...whole };
}
