/** The page: head line, rail, the screen, and what may stand above it. */
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { MarketScreen } from './screens/market/MarketScreen.tsx';
import { Explanation } from './screens/market/positions/Explanation.tsx';
import { RowMenu } from './screens/market/positions/RowMenu.tsx';
import { Announcer } from './shell/Announcer.tsx';
import { Banner } from './shell/Banner.tsx';
import { Dialogs } from './shell/Dialogs.tsx';
import { DropTarget } from './shell/DropTarget.tsx';
import { Header } from './shell/Header.tsx';
import { MustSee } from './shell/MustSee.tsx';
import { PaperVoice } from './shell/PaperVoice.tsx';
import { Rail } from './shell/Rail.tsx';
import { queryClient } from './state/queries.ts';
import { SCREENS, type ScreenId, useScreen } from './state/screen.ts';
import { Notices } from './ui/Notices.tsx';
import { usePhone } from './ui/use-media.ts';

const CascadeScreen = lazy(async () => {
  const { CascadeScreen: part } = await import('./screens/cascade/CascadeScreen.tsx');
  return { default: part };
});

const BreakerScreen = lazy(async () => {
  const { BreakerScreen: part } = await import('./screens/breakers/BreakerScreen.tsx');
  return { default: part };
});

const SpanScreen = lazy(async () => {
  const { SpanScreen: part } = await import('./screens/span/SpanScreen.tsx');
  return { default: part };
});

const GuardsScreen = lazy(async () => {
  const { GuardsScreen: part } = await import('./screens/guards/GuardsScreen.tsx');
  return { default: part };
});

/** What each screen shows; screens other than the first are loaded when they are first opened. */
const SCREEN_PARTS: Readonly<Record<ScreenId, React.ComponentType>> = {
  market: MarketScreen,
  cascade: CascadeScreen,
  span: SpanScreen,
  breakers: BreakerScreen,
  guards: GuardsScreen,
};

export function App(): React.ReactElement {
  const phone = usePhone();
  const Screen = SCREEN_PARTS[useScreen((state) => state.screen)];
  return (
    <QueryClientProvider client={queryClient}>
      <div className="app">
        <Header />
        <Banner />
        <MustSee />
        <div className="app-body">
          {phone ? null : <Rail />}
          <Suspense fallback={<div className="screen" aria-busy="true" />}>
            <Screen />
          </Suspense>
        </div>
        {phone && SCREENS.length > 1 ? <Rail /> : null}
      </div>
      <Explanation />
      <RowMenu />
      <Dialogs />
      <Notices />
      <DropTarget />
      <Announcer />
      <PaperVoice />
    </QueryClientProvider>
  );
}
