import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Metric } from './prometheus-text.js';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const QUANTILES = [50, 90, 99];

/** What this process costs, under the names that dashboards for Node know. */
@Injectable()
export class ProcessMetrics implements OnModuleDestroy {
  private readonly delay: IntervalHistogram = monitorEventLoopDelay({ resolution: 20 });

  constructor() {
    this.delay.enable();
  }

  onModuleDestroy(): void {
    this.delay.disable();
  }

  /** The delays are those since the last time. */
  read(): Metric[] {
    const { rss, heapUsed, heapTotal } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const delays = QUANTILES.map((quantile) => ({
      labels: { quantile: String(quantile / 100) },
      value: this.delay.percentile(quantile) / NANOSECONDS,
    }));
    this.delay.reset();
    return [
      gauge('process_resident_memory_bytes', 'Resident memory of the process that answers.', rss),
      gauge('nodejs_heap_size_used_bytes', 'Heap in use.', heapUsed),
      gauge('nodejs_heap_size_total_bytes', 'Heap taken from the system.', heapTotal),
      { ...gauge('process_cpu_seconds_total', 'Processor time, user and system.', (user + system) / MICROSECONDS), type: 'counter' },
      gauge('process_uptime_seconds', 'Time since the process began.', process.uptime()),
      { name: 'nodejs_eventloop_delay_seconds', help: 'How late timers run, since the last look.', type: 'gauge', samples: delays },
    ];
  }
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: 'gauge', samples: [{ value }] };
}
