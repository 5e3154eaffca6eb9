/** Tells a screen reader of changes of risk and feed, politely and at most every five seconds. */
import { useEffect, useState } from 'react';
import { useMargin } from '../state/margin-slice.ts';
import { useMarket } from '../state/market-slice.ts';
import { announcement, announcementKey } from './announcement.ts';

const PERIOD_MS = 5_000;

export function Announcer(): React.ReactElement {
  const [text, setText] = useState('');
  useEffect(() => {
    let told = '';
    const timer = setInterval(() => {
      const { report } = useMargin.getState();
      const { trust, ready } = useMarket.getState();
      const key = announcementKey(report, trust);
      if (!ready || key === told) return;
      told = key;
      setText(announcement(report, trust));
    }, PERIOD_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="visually-hidden" aria-live="polite">
      {text}
    </p>
  );
}
