import { Component, type ReactNode } from 'react';
import { ErrorPanel } from '../components/error-panel.js';

interface PageBoundaryState {
  readonly error: unknown;
  readonly failed: boolean;
}

/** Keeps the menu alive when a page breaks, and shows what broke. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, PageBoundaryState> {
  override state: PageBoundaryState = { error: null, failed: false };

  static getDerivedStateFromError(error: unknown): PageBoundaryState {
    return { error, failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <ErrorPanel error={this.state.error} title="This page broke" onRetry={() => window.location.reload()} />;
  }
}
