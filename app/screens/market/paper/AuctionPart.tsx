/** The auction while orders collect: indicative price and volume, the surplus, the deciding rule, and both curves. */
import { useState } from 'react';
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { AuctionView } from '../../../../workers/contract/paper.ts';
import { tickText } from '../../../charts/tick-text.ts';
import { auctionCurves } from './auction-curves.ts';
import { priceWords } from './order-words.ts';

const WIDTH = 420;
const HEIGHT = 130;

interface AuctionProps {
  readonly auction: AuctionView;
  readonly spec: ContractSpec;
}

/** Who is left over at the indicative price. */
function surplusWords({ surplusLots }: AuctionView, spec: ContractSpec): string {
  if (surplusLots === 0) return 'none, both sides meet exactly';
  const side = surplusLots > 0 ? '▲ buyers' : '▼ sellers';
  return `${tickText(Math.abs(surplusLots), spec.lotSize)} ${side}`;
}

function Curves({ auction, spec }: AuctionProps): React.ReactElement {
  const curves = auctionCurves(auction, WIDTH, HEIGHT);
  if (curves === null) return <p className="muted">Too few prices to draw a curve.</p>;
  const { indicative } = curves;
  return (
    <figure className="auction-figure">
      <svg
        className="auction-curves"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Buyers and sellers by price, from ${priceWords(curves.lowTicks, spec)} to ${priceWords(curves.highTicks, spec)}`}
      >
        <path className="auction-buy-area" d={`${curves.buy}V${HEIGHT}H0Z`} />
        <path className="auction-sell-area" d={`${curves.sell}V${HEIGHT}H0Z`} />
        <path className="auction-buy" d={curves.buy} />
        <path className="auction-sell" d={curves.sell} />
        {indicative === null ? null : (
          <path className="auction-indicative" d={`M${indicative.x},0V${HEIGHT}`} />
        )}
      </svg>
      <figcaption className="auction-axis muted">
        <span>{priceWords(curves.lowTicks, spec)}</span>
        <span>
          <span className="gain">▬ would buy</span> <span className="loss">▬ would sell</span>, up to{' '}
          {tickText(curves.mostLots, spec.lotSize)}
        </span>
        <span>{priceWords(curves.highTicks, spec)}</span>
      </figcaption>
    </figure>
  );
}

function Rows({ auction, spec }: AuctionProps): React.ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="auction-rows" aria-label="Auction as a table" tabIndex={0}>
      <table className="fills-table">
        <thead>
          <tr>
            <th scope="col">Price</th>
            <th scope="col">Would buy</th>
            <th scope="col">Would sell</th>
            <th scope="col">Would trade</th>
          </tr>
        </thead>
        <tbody>
          {auction.rows.toReversed().map(({ priceTicks, buyLots, sellLots }) => (
            <tr key={priceTicks} aria-current={priceTicks === auction.indicativeTicks ? 'true' : undefined}>
              <th scope="row">{priceWords(priceTicks, spec)}</th>
              <td className="gain">{tickText(buyLots, spec.lotSize)}</td>
              <td className="loss">{tickText(sellLots, spec.lotSize)}</td>
              <td>{tickText(Math.min(buyLots, sellLots), spec.lotSize)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function AuctionPart({ auction, spec }: AuctionProps): React.ReactElement {
  const [asTable, setAsTable] = useState(false);
  return (
    <section className="auction" aria-label="Auction" data-testid="auction">
      <dl className="auction-figures">
        <div className="auction-lead">
          <dt>Indicative price</dt>
          <dd data-testid="auction-price">
            {auction.indicativeTicks === null
              ? 'None: nothing would trade'
              : priceWords(auction.indicativeTicks, spec)}
          </dd>
        </div>
        <div>
          <dt>Would trade</dt>
          <dd>{tickText(auction.matchedLots, spec.lotSize)}</dd>
        </div>
        <div>
          <dt>Surplus</dt>
          <dd>{surplusWords(auction, spec)}</dd>
        </div>
        <div>
          <dt>Decided by</dt>
          <dd>{auction.decidedBy}</dd>
        </div>
        <div>
          <dt className="visually-hidden">View</dt>
          <dd>
            <button
              type="button"
              className="link-button"
              aria-pressed={asTable}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? 'Show as curves' : 'Show as table'}
            </button>
          </dd>
        </div>
      </dl>
      {asTable ? <Rows auction={auction} spec={spec} /> : <Curves auction={auction} spec={spec} />}
    </section>
  );
}
