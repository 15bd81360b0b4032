-- search (totalCount)
WITH told AS (
    SELECT
        i.slug,
        lower(
            i.title || ' ' || coalesce(i.summary, '') || ' ' || coalesce((
                SELECT min(t.label_fr)
                FROM initiative_category AS ic
                JOIN category AS t ON t.id = ic.category_id
                WHERE ic.initiative_id = i.id
            ), '')
        ) AS text
    FROM initiative AS i
)
SELECT count(*) FROM told
WHERE text LIKE '%budget participatif%' AND text LIKE '%jeunes%';

-- search.nodes.node (slug, title) in any order
WITH told AS (
    SELECT
        i.slug, i.title,
        lower(
            i.title || ' ' || coalesce(i.summary, '') || ' ' || coalesce((
                SELECT min(t.label_fr)
                FROM initiative_category AS ic
                JOIN category AS t ON t.id = ic.category_id
                WHERE ic.initiative_id = i.id
            ), '')
        ) AS text
    FROM initiative AS i
)
SELECT slug, title FROM told
WHERE text LIKE '%budget participatif%' AND text LIKE '%jeunes%';
