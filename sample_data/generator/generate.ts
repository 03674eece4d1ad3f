import { SAMPLE_PERIODS } from './calendar.js';
import { expectedResults } from './oracle/expected-results.js';
import { sampleFiles } from './sample-files.js';
import { readDecisions, readSettings } from './sample-settings.js';

/**
 * Everything that is generated: path below `sample_data/` → text. The same for the same settings and decisions, on every machine.
 * @param configYaml the text of `config.yaml`
 * @param reviewYaml the text of `review.yaml`
 */
export function generateSample(configYaml: string, reviewYaml: string): ReadonlyMap<string, string> {
  const settings = readSettings(configYaml);
  const files = sampleFiles();
  const generated = new Map(files.map((file) => [file.path, file.text]));
  for (const period of SAMPLE_PERIODS) {
    const month = files.filter((file) => file.period === period);
    for (const [name, text] of expectedResults(period, month, settings, readDecisions(reviewYaml, period))) {
      generated.set(`expected/${period}/${name}`, text);
    }
  }
  return generated;
}
